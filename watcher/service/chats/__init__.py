"""The remote control: bots that are listened to, and what taps and commands in chats do."""

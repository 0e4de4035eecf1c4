"""How a group of commands shows them."""

import click

#: Letters of the sentence that tells a command: as many as it has, it is wrapped.
LONGEST = 200


class Group(click.Group):
    """A group that tells each of its commands by a whole sentence; click cuts it to one line."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands."""
        names = self.list_commands(ctx)
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, self.commands[name].get_short_help_str(LONGEST)) for name in names]
            )

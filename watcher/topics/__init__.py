"""What users watch for: names and words in any language, match lines, and the evidence found."""

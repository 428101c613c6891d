"""The program `ndcall`. A command is a file here with a `command` in it, and a row in `frame.COMMANDS`."""

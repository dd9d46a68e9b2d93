"""Where the command starts: it heeds signals before it imports what takes a second."""

from __future__ import annotations

from builder.signals import leave_at_start, on_signals

on_signals(leave_at_start)

from builder.cli import main  # noqa: E402 - a traceback of imports would tell nobody anything

if __name__ == "__main__":
    main()

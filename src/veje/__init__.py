"""Pathways to disability pension from weekly Danish benefit records."""

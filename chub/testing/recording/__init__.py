"""Exchanges with the hub, kept as readable lines and played back: `record` and `playback` of `chub.testing`."""

"""The only network I/O: connections and their pool, one exchange over one of them, and the door that all calls pass."""

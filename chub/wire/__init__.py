"""The wire: what the values look like in JSON, and a request and a parser for each endpoint. Pure: no I/O, no clock."""

"""The commands of `quartier`. Each module of this room adds its own with `register(subparsers)`."""

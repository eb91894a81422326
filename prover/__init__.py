"""The agent: tasks, policies, the gate, the command line."""

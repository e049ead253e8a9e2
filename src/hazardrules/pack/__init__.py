"""The pack format: reading, checking and testing a folder of rules."""

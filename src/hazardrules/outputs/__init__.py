"""What inspectors and offices carry away: checklists, cards, notices, exports."""

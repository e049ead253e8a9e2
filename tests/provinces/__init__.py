"""Province by province: each practice that its source tells, and the call that does it."""

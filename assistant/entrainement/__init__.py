"""Making what was learned anew: what the trainings read, and the command that runs them."""

"""Risk models and screening rules: definitions are data, one compile gives one Ibis expression for three engines."""

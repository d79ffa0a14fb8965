"""The pages of referral."""

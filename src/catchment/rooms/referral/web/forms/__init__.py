"""What people type into the pages of referral, and how it becomes what the actions take."""

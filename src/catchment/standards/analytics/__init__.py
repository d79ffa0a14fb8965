"""One expression, three engines: what runs an Ibis expression over columnar tables, whatever they are about."""

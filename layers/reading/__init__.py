"""What a view shows: filters, features in words, tables, profiles, counts and comparisons."""

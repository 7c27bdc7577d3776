"""What is known of a revision's licence, data, bias and files, who decided on it, and what that means for a pull."""

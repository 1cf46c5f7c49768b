"""Which libraries have what inter-library loan staff ask for, and whom to ask first."""

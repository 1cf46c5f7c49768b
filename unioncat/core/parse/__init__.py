"""Parse: delivered bytes become a `MarcRecord` or a `RejectedRecord`."""

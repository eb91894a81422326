"""What a language model answered, read as candidate steps: values only, no verifier runs here."""

"""What a question wants: the parts of judging evidence."""

"""What a figure is about and when: the parts of binding."""

"""A flow as a picture: what begins it, its steps, where they lead; as Mermaid, DOT or SVG."""

"""One module a site: `render(story, others, variant) -> HTML`. Shared pieces stand in `parts`."""

"""The models of `article`: features of blocks and pages, and what scores them. `extract.training` fits them."""

"""What `builder.extract.train` fits the models with: samples of known pages, gradients, scores. No build needs it."""

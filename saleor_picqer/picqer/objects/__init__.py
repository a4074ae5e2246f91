"""Wire objects: what Picqer sends (`PicqerObject`) and what the client sends (`Body`)."""

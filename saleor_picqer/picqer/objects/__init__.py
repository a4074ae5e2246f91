"""What Picqer sends (`PicqerObject`) and what we send (`Body`), one file per topic."""

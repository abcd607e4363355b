"""One file per kind of layer; nowhere else is a kind named."""

"""The synthetic county; drives rooms only through their public face."""

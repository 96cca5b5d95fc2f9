"""What becomes of each kind of content on each platform: samples, the forms they take, and pictures of them."""

"""What benchmarks share: an installation of their own, and visitors who use it as people do."""

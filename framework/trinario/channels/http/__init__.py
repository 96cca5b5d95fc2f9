"""What every platform over HTTP needs: JSON as it comes, calls and their outcomes, forms with files, secrets."""

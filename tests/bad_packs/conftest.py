"""Keeps these packs from being collected as packs to test: ``test_bad_packs.py`` reads them."""

collect_ignore_glob = ["*"]

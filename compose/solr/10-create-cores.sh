#!/bin/bash
# Sourced by Solr's image before Solr starts: puts the configset where CoreAdmin finds it (configSet=hybrid) and makes a
# core for each lane. Copied afresh at each start, so that a changed configset counts from the next one on.
(
  set -e
  configsets=/var/solr/data/configsets
  mkdir -p "$configsets"
  rm -rf "$configsets/hybrid"
  cp -r /opt/hybrid/configset "$configsets/hybrid"
  for core in $HYBRID_CORES; do
    mkdir -p "/var/solr/data/$core"
    [ -f "/var/solr/data/$core/core.properties" ] ||
      printf 'name=%s\nconfigSet=hybrid\n' "$core" >"/var/solr/data/$core/core.properties"
  done
)

"""The search index of a cluster: Elasticsearch 9, for more than one machine."""

from unioncat.search.elasticsearch.cluster import Cluster, ClusterAddress
from unioncat.search.elasticsearch.reader import ElasticIndex
from unioncat.search.elasticsearch.writer import ElasticWriter

__all__ = ["Cluster", "ClusterAddress", "ElasticIndex", "ElasticWriter"]

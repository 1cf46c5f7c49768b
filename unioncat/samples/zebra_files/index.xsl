<?xml version="1.0" encoding="UTF-8"?>
<!-- What Zebra indexes of a MARC record; @dates@ is replaced by the registers of the date of change. -->
<xsl:stylesheet version="1.0" exclude-result-prefixes="m"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:z="http://indexdata.com/zebra-2.0"
    xmlns:m="http://www.loc.gov/MARC21/slim">
  <xsl:output method="xml" encoding="UTF-8"/>
  <xsl:template match="text()"/>
  <xsl:template match="/">
    <all><xsl:apply-templates select="//m:record"/></all>
  </xsl:template>
  <xsl:template match="m:record">
    <z:record z:id="{m:controlfield[@tag='001']}" z:type="update">
      <xsl:if test="substring(m:leader, 6, 1) = 'd'">
        <xsl:attribute name="z:type">delete</xsl:attribute>
      </xsl:if>
      <xsl:apply-templates select="m:controlfield | m:datafield"/>
      <z:index name="Any:w">
        <xsl:for-each select="m:datafield/m:subfield"><xsl:value-of select="concat(., ' ')"/></xsl:for-each>
      </z:index>
    </z:record>
  </xsl:template>
  <xsl:template match="m:controlfield[@tag='001']">
    <z:index name="Local-number:0 Local-number:w"><xsl:value-of select="."/></z:index>
  </xsl:template>
  <xsl:template match="m:controlfield[@tag='005']">
    <z:index name="Date/time-last-modified:w"><xsl:value-of select="."/></z:index>
    <z:index name="@dates@"><xsl:value-of select="substring(., 1, 8)"/></z:index>
  </xsl:template>
  <xsl:template match="m:controlfield[@tag='008']">
    <z:index name="Date-of-publication:w Date-of-publication:y"><xsl:value-of select="substring(., 8, 4)"/></z:index>
  </xsl:template>
  <xsl:template match="m:datafield[@tag='245']">
    <z:index name="Title:w Title:p"><xsl:value-of select="m:subfield[@code='a']"/></z:index>
  </xsl:template>
</xsl:stylesheet>

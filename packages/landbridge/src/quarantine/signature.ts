/*
 * Documents that stand in quarantine for one and the same reason have one signature: collection, path, code and reason,
 * where places in arrays and whatever stands in quotes, ids and numbers of the reason count as any. People mend one
 * signature at a time, not one document.
 */

/** The path with any place in an array as `*`. */
const pathPattern = `regexp_replace(path, '\\.\\d+(?=\\.|$)', '.*', 'g')`

/** The reason without what differs from document to document. */
const reasonPattern = `regexp_replace(regexp_replace(reason,
  '"[^"]*"|''[^'']*''|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\m[0-9a-f]{24}\\M', '…', 'g'),
  '-?\\d+(\\.\\d+)?', 'N', 'g')`

/** SQL over rows of `landbridge.quarantine`: their signature and what it is made of. */
export const signatureSql = {
  path: pathPattern,
  reason: reasonPattern,
  signature: `left(md5(concat_ws(chr(1), collection, ${pathPattern}, code, ${reasonPattern})), 10)`,
} as const

const DATE_TEXT =
  /^(\d{4}-\d{2}-\d{2})(?:(?:T| +)(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) *(?:(Z|UTC|GMT)|([+-]\d{2}):?(\d{2})?)?)?$/i

/**
 * Reads a date as `$toDate` and `$dateFromString` take it without a format: ISO 8601, with a space for the T and before
 * the zone where wanted. Without a zone the text is read as if it were UTC.
 */
export function parseDateText(text: string): { date: Date; zoned: boolean } | undefined {
  const parts = DATE_TEXT.exec(text)
  if (parts === null) return undefined
  const [, day, time = '00:00', utc, hours, minutes = '00'] = parts
  const date = new Date(`${day}T${time}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`)
  if (Number.isNaN(date.getTime())) return undefined
  return { date, zoned: utc !== undefined || hours !== undefined }
}

import type { SpecResult } from './compare-with-known.ts'

/** The result as a table with every failure that is not on the list below it. */
export function renderReport({ folders, unexpected, known, noLongerFailing }: SpecResult): string {
  const total = folders.reduce(
    (sum, row) => ({
      folder: 'total',
      passed: sum.passed + row.passed,
      failed: sum.failed + row.failed,
      known: sum.known + row.known,
      skipped: sum.skipped + row.skipped,
    }),
    { folder: 'total', passed: 0, failed: 0, known: 0, skipped: 0 },
  )
  const columns = ['folder', 'passed', 'failed', 'known', 'skipped'] as const
  const rows = [columns, ...[...folders, total].map((row) => columns.map((column) => String(row[column])))]
  const widths = columns.map((_column, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  const table = rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  )
  const verdict =
    unexpected.length === 0
      ? `No failure outside the list of known failures (${known.length} of the driver or of a single node).`
      : `${unexpected.length} failures are not on the list of known failures:`
  return [
    ...table,
    '',
    verdict,
    ...unexpected.map(({ file, test, message }) => `  ${file} :: ${test}\n    ${message}`),
    ...noLongerFailing.map(
      ({ file, test }) => `No longer fails, remove it from the list: ${file} :: ${test}`,
    ),
  ].join('\n')
}

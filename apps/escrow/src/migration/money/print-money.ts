import type { MoneyKey } from './money-line.ts'
import type { MoneyPair, MoneyReport } from './reconcile-money.ts'

/** The reconciliation for people: the totals of both stores side by side, and each line that differs. */
export function printMoney(report: MoneyReport): string {
  const rows = report.totals.map((total) => [total.collection, ...labels(total), ...sums(total)])
  return [
    table(['collection', 'money', 'currency', 'entries', 'MongoDB', 'Postgres', ''], rows),
    '',
    `${report.lines} lines by day compared, ${report.entries} entries; ${describeLeftOut(report)}`,
    report.equal
      ? 'Both stores hold the same money, to the last decimal.'
      : `${report.differences.length} lines DIFFER:`,
    ...report.differences.map(
      (line) =>
        `  ${line.collection} ${line.day ?? 'no day'} ${labels(line).join(' ')}: ` +
        `MongoDB ${line.mongo.count} × ${line.mongo.amount}, Postgres ${line.postgres.count} × ${line.postgres.amount}`,
    ),
    '',
  ].join('\n')
}

function labels({ words, currency }: Omit<MoneyKey, 'day' | 'collection'>): string[] {
  const text = Object.entries(words).map(([name, word]) => word ?? `no ${name}`)
  return [text.join(' / '), currency ?? 'none']
}

function sums({ mongo, postgres }: MoneyPair): string[] {
  const entries = mongo.count === postgres.count ? `${mongo.count}` : `${mongo.count} | ${postgres.count}`
  const equal = mongo.count === postgres.count && mongo.amount === postgres.amount
  return [entries, mongo.amount, postgres.amount, equal ? '=' : 'DIFFERS']
}

function describeLeftOut({ leftOut }: MoneyReport): string {
  const parts = Object.entries(leftOut).map(([collection, count]) => `${count} of ${collection}`)
  return `left out because in quarantine: ${parts.join(', ')}`
}

function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(head), widths.map((width) => '─'.repeat(width)).join('──'), ...rows.map(line)].join('\n')
}

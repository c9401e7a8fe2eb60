import { createHash, createHmac } from 'node:crypto'

/** For tests and load: the initData that Telegram would sign for a launch of the Mini App. */
export function signedInitData(
  botToken: string,
  user: { id: number; first_name?: string; username?: string; is_bot?: boolean },
  authDate: Date,
  more: Record<string, string> = {},
): string {
  const fields = {
    auth_date: String(Math.floor(authDate.getTime() / 1000)),
    query_id: 'AAHdF6IQAAAAAN0XohDhrOrc',
    user: JSON.stringify(user),
    ...more,
  }
  const secret = createHmac('sha256', 'WebAppData').update(botToken).digest()
  const hash = createHmac('sha256', secret).update(checkString(fields)).digest('hex')
  return new URLSearchParams({ ...fields, hash }).toString()
}

/** What the login widget hands to a page. */
export function signedWidget(botToken: string, id: number, authDate: Date) {
  const fields = {
    id,
    first_name: 'زهرا',
    username: 'zahra',
    auth_date: Math.floor(authDate.getTime() / 1000),
  }
  const secret = createHash('sha256').update(botToken).digest()
  const hash = createHmac('sha256', secret).update(checkString(fields)).digest('hex')
  return { ...fields, hash }
}

function checkString(fields: Record<string, string | number>): string {
  return Object.keys(fields)
    .sort()
    .map((key) => `${key}=${fields[key]}`)
    .join('\n')
}

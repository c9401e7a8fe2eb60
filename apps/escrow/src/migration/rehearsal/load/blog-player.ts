import type { LoadActor } from './http-client.ts'
import { idIn, type LoadWorld, read, write } from './load-world.ts'

const path = '/api/blog/posts'
const adminPath = '/api/blog/admin/posts'
const lists = [path, `${path}/featured`, `${path}/recent`, `${path}/search?q=phone`, '/api/blog/categories']

/** An administrator who writes, and a reader who looks and likes. */
export function blogPlayer(world: LoadWorld, reader: LoadActor): () => Promise<void> {
  const mine: string[] = []
  let number = 0
  return async () => {
    number += 1
    await read(world, world.random.pick(lists))
    if (mine.length < 4) {
      const title = `Load ${process.pid}-${number}`
      const body = { title, description: 'Made under load.', content: 'All of it.', status: 'published' }
      const made = await write(world, 'POST', adminPath, { actor: world.admin, body }, (data) =>
        idIn(data) === '' ? [] : [{ target: postAt(idIn(data), 'title'), allowed: [title] }],
      )
      if (made.kind === 'done') mine.push(idIn(made.data))
      return
    }
    const id = world.random.pick(mine)
    const content = `Change ${number}`
    await write(world, 'PUT', `${adminPath}/${id}`, { actor: world.admin, body: { content } }, () => [
      { target: postAt(id, 'content'), allowed: [content] },
    ])
    await read(world, `${adminPath}/${id}`, { actor: world.admin })
    await read(world, `${path}/${id}`)
    await write(
      world,
      world.random.pick(['POST', 'DELETE']),
      `${path}/${id}/like`,
      { actor: reader },
      () => [],
    )
  }
}

const postAt = (id: string, place: string) => ({
  unit: 'blog' as const,
  collection: 'blogposts',
  id,
  path: place,
})

import { idIn, type LoadWorld, read, write } from './load-world.ts'

/** An administrator who keeps the category tree. */
export function categoryPlayer(world: LoadWorld): () => Promise<void> {
  const mine: string[] = []
  let number = 0
  return async () => {
    await read(world, world.random.pick(['/api/marketplace/categories', '/api/marketplace/categories/tree']))
    number += 1
    if (mine.length < 5 || world.random.chance(0.2)) {
      const name = `Load ${process.pid}-${number}`
      const answer = await write(
        world,
        'POST',
        '/api/marketplace/categories',
        { actor: world.admin, body: { name, nameEn: name, description: 'made under load', order: number } },
        (data) => (idIn(data) === '' ? [] : [{ target: target(idIn(data), 'name'), allowed: [name] }]),
      )
      if (answer.kind === 'done') mine.push(idIn(answer.data))
      return
    }
    const id = world.random.pick(mine)
    const description = `change ${number}`
    await write(
      world,
      'PUT',
      `/api/marketplace/categories/${id}`,
      { actor: world.admin, body: { description } },
      () => [{ target: target(id, 'description'), allowed: [description] }],
    )
    await read(world, `/api/marketplace/categories/${id}`)
  }
}

const target = (id: string, path: string) => ({
  unit: 'category' as const,
  collection: 'categories',
  id,
  path,
})

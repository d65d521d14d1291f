// Both ends of browser.sh: `serve COLOUR` is a small web application, `browse URL FOLDER` is a browser that uses it and prints what it saw.
import http from 'node:http';
import { createHash } from 'node:crypto';
import { WebSocketServer } from 'ws';
import { chromium } from 'playwright-core';

const [what, ...rest] = process.argv.slice(2);

function serve(colour) {
  const page = `<!doctype html><title>${colour}</title><h1 style="color:${colour}">${colour}</h1>`;
  const server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    response.setHeader('X-Colour', colour);
    if (request.url === '/stream') {
      for (let i = 0; i < 20; i++) {
        response.write(`piece ${i}\n`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      response.end();
    } else if (request.method === 'POST') {
      response.end(createHash('sha256').update(Buffer.concat(chunks)).digest('hex'));
    } else {
      response.setHeader('Content-Type', 'text/html');
      response.end(page);
    }
  });
  new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', (data) => socket.send(String(data))));
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
}

async function browse(url, folder) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    await page.goto(url);
    const seen = await page.evaluate(async () => {
      const colours = new Set();
      let answered = 0;
      for (let round = 0; round < 10; round++) {
        const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => fetch(`/item?${round}-${i}`, { cache: 'no-store' })));
        for (const answer of answers) {
          if (answer.status === 200 && (await answer.text()).includes(answer.headers.get('x-colour'))) answered++;
          colours.add(answer.headers.get('x-colour'));
        }
      }
      let uploads = 0;
      for (let i = 0; i < 10; i++) {
        const body = new Uint8Array(200_000).fill(i);
        const wanted = Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', body)), (b) => b.toString(16).padStart(2, '0')).join('');
        if ((await (await fetch('/upload', { method: 'POST', body })).text()) === wanted) uploads++;
      }
      let text = '';
      const reader = (await fetch('/stream')).body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
      const messages = await new Promise((resolve, reject) => {
        const socket = new WebSocket(location.origin.replace('https', 'wss') + '/socket');
        let count = 0;
        socket.onopen = () => socket.send('message 0');
        socket.onmessage = (event) => {
          if (event.data !== `message ${count}`) reject(new Error(`got ${event.data} for message ${count}`));
          count++;
          if (count === 50) { socket.close(); resolve(count); } else { socket.send(`message ${count}`); }
        };
        socket.onerror = () => reject(new Error(`the WebSocket broke after ${count} messages`));
      });
      const protocol = performance.getEntriesByType('navigation')[0].nextHopProtocol;
      return { address: location.href, protocol, answered, colours: [...colours].sort().join(' '), uploads, pieces: text.trim().split('\n').length, messages };
    });
    await page.screenshot({ path: `${folder}/browser.png` });
    console.log(JSON.stringify(seen));
  } finally {
    await browser.close();
  }
}

if (what === 'serve') serve(...rest);
else await browse(...rest);

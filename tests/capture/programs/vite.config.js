import { cloudflare } from "@cloudflare/vite-plugin";

export default {
  plugins: [cloudflare({ inspectorPort: Number(process.env.INSPECTOR_PORT) })],
};

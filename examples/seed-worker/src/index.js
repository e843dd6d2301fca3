let responseText = "";

export default {
  async fetch() {
    responseText += "one more request served.\n";
    return new Response(responseText);
  },
};

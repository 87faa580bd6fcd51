// The cache of everything the server knows. Events keep it current, so nothing is fetched again by the clock.
import { QueryClient } from "@tanstack/react-query";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      // The server is on this machine: a request that fails twice has a reason to be read.
      retry: 1,
      retryDelay: 300,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

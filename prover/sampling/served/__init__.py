"""Sampling from servers that speak OpenAI's protocol: OpenAI, vLLM, llama.cpp, SGLang, Ollama and their like."""
